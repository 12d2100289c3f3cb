//! The `weigh` command.

fn main() -> std::process::ExitCode {
    weigh::cli::run()
}
