//! How Minutebook fares on books of a thousand meetings and more.
mod generate;
fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let n: usize = args[1].parse().expect("n");
    let s = generate::book(std::path::Path::new(&args[0]), n, 1).expect("written");
    println!("{s:?}");
}
