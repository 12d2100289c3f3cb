//! The `weigh` command.

/// Reading a large catalog makes millions of small values; the system's allocator takes a third longer over them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    weigh::cli::run()
}
