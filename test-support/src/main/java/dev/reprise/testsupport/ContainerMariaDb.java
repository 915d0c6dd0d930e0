// SPDX-License-Identifier: Apache-2.0
package dev.reprise.testsupport;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.mariadb.MariaDBContainer;

/**
 * The server in a container, on a fixed port of this machine: a restart would give it another one. On a machine without
 * an image registry {@code TESTCONTAINERS_RYUK_DISABLED=true} has to be in the environment.
 */
final class ContainerMariaDb implements MariaDb {

    static final String IMAGE = "mariadb:11.4";

    private static final Duration START = Duration.ofMinutes(1);
    private static final int STOP_SECONDS = 30;
    private static final int LOOK_SECONDS = 60;

    private final int port = Ports.free();
    private final MariaDBContainer container;
    private final AtExit atExit;

    ContainerMariaDb(MariaDbOptions options) {
        container = new MariaDBContainer(IMAGE)
                .withDatabaseName(database())
                .withUsername(user())
                .withPassword(password())
                .withEnv("MARIADB_ROOT_PASSWORD", rootPassword())
                .withEnv("MYSQL_ROOT_PASSWORD", rootPassword())
                .withCommand(options.serverArguments().toArray(String[]::new));
        container.setPortBindings(List.of(port + ":3306"));
        atExit = new AtExit("reprise-db-end", container::stop);
        container.start();
    }

    /**
     * Never pulls the image: without a registry that takes minutes to fail. Bounded, since an engine that accepts and
     * never answers is waited for without an end.
     */
    static boolean isAvailable() {
        boolean engine = System.getenv("DOCKER_HOST") != null || Files.exists(Path.of("/var/run/docker.sock"));
        if (!engine) {
            return false;
        }
        var answer = new CompletableFuture<Boolean>();
        Daemon.start("reprise-docker-look", () -> {
            try {
                answer.complete(hasImage());
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
            }
        });
        try {
            return answer.orTimeout(LOOK_SECONDS, TimeUnit.SECONDS).join();
        } catch (CompletionException e) {
            System.out.println("reprise.database=container: " + e.getCause());
            return false;
        }
    }

    private static boolean hasImage() {
        if (!DockerClientFactory.instance().isDockerAvailable()) {
            return false;
        }
        try {
            DockerClientFactory.instance().client().inspectImageCmd(IMAGE).exec();
            return true;
        } catch (NotFoundException e) {
            return false;
        }
    }

    private DockerClient engine() {
        return container.getDockerClient();
    }

    private String id() {
        return container.getContainerId();
    }

    @Override
    public String host() {
        return container.getHost();
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public void start() {
        engine().startContainerCmd(id()).exec();
        if (!Await.until(START, this::isReady)) {
            throw new IllegalStateException("MariaDB did not start; its log is\n" + container.getLogs());
        }
    }

    @Override
    public void kill() {
        engine().killContainerCmd(id()).exec();
        awaitEnd();
    }

    /** The engine may answer a moment before the container has ended, and then refuses to start it. */
    private void awaitEnd() {
        if (!Await.until(START, () -> !container.isRunning())) {
            throw new IllegalStateException("The container of MariaDB still runs after SIGKILL");
        }
    }

    @Override
    public void stop() {
        engine().stopContainerCmd(id()).withTimeout(STOP_SECONDS).exec();
    }

    @Override
    public void suspend() {
        engine().pauseContainerCmd(id()).exec();
    }

    @Override
    public void resume() {
        engine().unpauseContainerCmd(id()).exec();
    }

    @Override
    public void close() {
        atExit.close();
        container.stop();
    }
}
