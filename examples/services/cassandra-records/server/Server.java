import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.cassandra.service.CassandraDaemon;

/** Cassandra, one node in this process: {@code Server FOLDER NATIVE_PORT STORAGE_PORT}. */
public final class Server {
    /**
     * One node on the loopback; what is not named has Cassandra's default. A batch commit log acknowledges a write once it is on
     * the disk. The limits of time and of batches leave room for a cold machine of one core and for the first filling.
     */
    private static final String SETTINGS = """
            cluster_name: records
            partitioner: org.apache.cassandra.dht.Murmur3Partitioner
            endpoint_snitch: SimpleSnitch
            seed_provider:
              - class_name: org.apache.cassandra.locator.SimpleSeedProvider
                parameters: [{seeds: "127.0.0.1:%3$s"}]
            listen_address: 127.0.0.1
            rpc_address: 127.0.0.1
            storage_port: %3$s
            native_transport_port: %2$s
            num_tokens: 1
            auto_bootstrap: false
            data_file_directories: [%1$s/data]
            commitlog_directory: %1$s/commitlog
            saved_caches_directory: %1$s/saved_caches
            hints_directory: %1$s/hints
            cdc_raw_directory: %1$s/cdc_raw
            commitlog_sync: %4$s
            write_request_timeout: 10s
            cas_contention_timeout: 10s
            batch_size_warn_threshold: 128KiB
            batch_size_fail_threshold: 256KiB
            unlogged_batch_across_partitions_warn_threshold: 100
            """;

    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        Path settings = folder.resolve("cassandra.yaml");
        String sync = System.getenv().getOrDefault("COMMITLOG_SYNC", "batch");
        Files.writeString(settings, SETTINGS.formatted(folder, arguments[1], arguments[2], sync));
        System.setProperty("cassandra.config", settings.toUri().toString());
        System.setProperty("cassandra.storagedir", folder.toString());
        // One node waits for no other.
        System.setProperty("cassandra.ring_delay_ms", "0");
        System.setProperty("cassandra.skip_wait_for_gossip_to_settle", "0");
        try {
            new CassandraDaemon(true).activate();
        } catch (RuntimeException failure) {
            // The error has been logged; threads that were started would keep the process alive.
            System.exit(3);
        }
    }
}
