//! The machine a session ran on: figures of two machines are not compared.

use std::fs;

use serde::Serialize;

/// What is known of the machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Environment {
    /// Its name: evidence of one name is of one machine.
    pub machine: String,
    /// Model of its processor.
    pub cpu: String,
    /// Logical cores.
    pub cores: usize,
    /// Cores of the services; empty: all.
    pub service_cores: Vec<usize>,
    /// Core of the load driver.
    pub driver_core: Option<usize>,
    /// Memory (bytes).
    pub memory_bytes: u64,
    /// Whether a hypervisor is below.
    pub virtualised: bool,
    /// Operating system.
    pub os: String,
    /// Kernel.
    pub kernel: String,
    /// Version of `weigh`.
    pub weigh: String,
}

impl Environment {
    /// Asks the system.
    #[must_use]
    pub fn read(service_cores: &[usize], driver_core: Option<usize>) -> Self {
        use sysinfo::{CpuRefreshKind, MemoryRefreshKind, RefreshKind, System};
        let wanted = RefreshKind::nothing()
            .with_cpu(CpuRefreshKind::nothing())
            .with_memory(MemoryRefreshKind::nothing().with_ram());
        let system = System::new_with_specifics(wanted);
        let unknown = || "unknown".to_owned();
        let (cpu, cores, memory_bytes) = system.map_or_else(
            |_| (unknown(), 0, 0),
            |system| {
                let brand = system
                    .cpus()
                    .first()
                    .map_or_else(unknown, |cpu| cpu.brand().trim().to_owned());
                (brand, system.cpus().len(), system.total_memory())
            },
        );
        let name = System::host_name().unwrap_or_else(|_| unknown());
        Self {
            machine: format!("{name}, {cpu}, {cores} cores"),
            cpu,
            cores,
            service_cores: service_cores.to_vec(),
            driver_core,
            memory_bytes,
            virtualised: fs::read_to_string("/proc/cpuinfo")
                .unwrap_or_default()
                .contains(" hypervisor"),
            os: System::long_os_version().unwrap_or_else(|_| unknown()),
            kernel: System::kernel_version().unwrap_or_else(|_| unknown()),
            weigh: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }
}
