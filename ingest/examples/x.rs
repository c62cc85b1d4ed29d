use minutebook_ingest::*;
fn main() {
    let ex = Extractor::new(Conventions::defaults());
    let rule = series::SeriesRule::default();
    for p in std::env::args().skip(1) {
        if p == "extract" || p.starts_with("--") || p == "." || p == "jsonl" {
            continue;
        }
        let b = std::fs::read(&p).unwrap();
        let (t, _) = decode::decode(&b);
        for m in ex.extract(&t, &p, &rule.series(&p)) {
            println!("{}", serde_json::to_string(&m).unwrap());
        }
    }
}
