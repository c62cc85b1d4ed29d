//! What a process that runs for months takes and gives back.

/// Lets the allocator of glibc give back what is freed. As it comes it has eight times as many pools as there are cores,
/// and each keeps what it once took: the threads that take in a change leave so much behind that `serve` of a big book
/// held twice what it needed. With fewer pools than `threads` that answer, these wait for one another at every turn.
/// Elsewhere nothing is done.
#[cfg_attr(not(all(target_os = "linux", target_env = "gnu")), expect(unused_variables, reason = "told to glibc alone"))]
pub fn give_back(threads: usize) {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        limit(libc::M_ARENA_MAX, threads);
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
