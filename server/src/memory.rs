//! What a process that runs for months takes and gives back.

/// Lets the allocator of glibc give back what is freed. As it comes it has eight times as many pools as there are cores,
/// and each keeps what it once took: the threads that take in a change leave so much behind that `serve` of a big book
/// held twice what it needed. Elsewhere nothing is done.
pub fn give_back() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        limit(libc::M_ARENA_MAX, cores);
        // Bytes: of so many at the end of a pool some are given back; who takes so many at once gets pages of their own.
        limit(libc::M_TRIM_THRESHOLD, 1 << 20);
        limit(libc::M_MMAP_THRESHOLD, 1 << 20);
    }
}

/// Gives back what is free now, wherever it lies: what was made of a change lies between what it was made of.
pub fn give_back_now() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: malloc_trim(3) locks each pool while it looks through it; memory in use stays as it is.
    #[expect(unsafe_code, reason = "the only way to tell glibc")]
    unsafe {
        libc::malloc_trim(0);
    }
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn limit(which: libc::c_int, most: usize) {
    let most = libc::c_int::try_from(most).unwrap_or(libc::c_int::MAX);
    // SAFETY: mallopt(3) takes two numbers, locks what it changes, and refuses what it does not know.
    #[expect(unsafe_code, reason = "the only way to tell glibc, beside variables of the environment")]
    unsafe {
        libc::mallopt(which, most);
    }
}
