"""Kills a part of an engine in the middle of its plan: `python failures.py spark|ray FOLDER`.

Of Spark, a cluster on loopback with a master and two workers runs the script; a worker and its
executor are killed while a task of that executor runs Python. Of Ray, the process of a task is
killed. The answer must be the one of the library all the same. Only processes that this script has
started, and their descendants, are killed.
"""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

FOLDER = Path(__file__).parent
SECONDS = 300


def processes():
    """Yields each process: its number, that of its parent, and its command."""
    for path in Path("/proc").glob("[0-9]*"):
        try:
            fields = (path / "stat").read_text().rpartition(")")[2].split()
            command = (path / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        yield int(path.name), int(fields[1]), command


def descendants(root):
    """Returns the descendants of a process, with their commands."""
    of_parent = {}
    for process, parent, command in processes():
        of_parent.setdefault(parent, []).append((process, command))
    found, rest = {}, [root]
    while rest:
        for process, command in of_parent.get(rest.pop(), []):
            found[process] = command
            rest.append(process)
    return found


def wait_for(find, running, what):
    """Returns what `find` returns, as soon as it returns something."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        if running.poll() is not None:
            raise SystemExit(f"the script ended before {what}")
        if found := find():
            return found
        time.sleep(0.02)
    raise SystemExit(f"gave up waiting for {what}")


def finish(script, name, log):
    """Waits for the script, and returns its line of JSON."""
    status = script.wait(SECONDS)
    lines = log.read_text(errors="replace").splitlines()
    answer = next((line for line in lines if line.startswith('{"engine"')), None)
    if answer is None:
        raise SystemExit("\n".join([*lines[-20:], f"{name}: no answer, exit {status}"]))
    print(answer)
    return status


def start(command, log, **environment):
    with open(log, "wb") as file:
        environment = os.environ | environment
        return subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT, env=environment)


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def spark(folder, logs):
    import pyspark

    home = Path(pyspark.__file__).parent
    local = {"SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1"}
    spark_class = str(home / "bin/spark-class")
    port = free_port()
    address = f"spark://127.0.0.1:{port}"
    master = [spark_class, "org.apache.spark.deploy.master.Master", "--host", "127.0.0.1"]
    master += ["--port", str(port), "--webui-port", "0"]
    worker = [spark_class, "org.apache.spark.deploy.worker.Worker", "--host", "127.0.0.1"]
    worker += ["--cores", "1", "--memory", "2g", "--webui-port", "0"]
    started = [start(master, logs / "master", **local)]
    try:
        for number in range(2):
            work = str(logs / f"work-{number}")
            command = [*worker, "--work-dir", work, address]
            started.append(start(command, logs / f"worker-{number}", **local))
        victim = started[1]
        environment = local | {"SPARK_MASTER": address, "ENGINE": "Spark, a worker killed"}
        command = [sys.executable, FOLDER / "on_spark.py", folder]
        script = start(command, logs / "driver", **environment)
        started.append(script)

        def executor():
            tree = descendants(victim.pid)
            daemons = {process for process, command in tree.items() if "pyspark.daemon" in command}
            # The daemon forks a process for each task.
            if any(set(descendants(daemon)) for daemon in daemons):
                return [process for process, command in tree.items() if "Executor" in command]
            return None

        for process in wait_for(executor, script, "a task of the first worker"):
            os.kill(process, signal.SIGKILL)
        victim.kill()
        status = finish(script, "Spark", logs / "driver")
        if "ost executor" not in (logs / "driver").read_text(errors="replace"):
            raise SystemExit("Spark did not notice that an executor was lost")
        return status
    finally:
        for process in reversed(started):
            # The executors of a worker end with it.
            process.terminate()
            process.wait()


def ray(folder, logs):
    command = [sys.executable, FOLDER / "on_ray.py", folder]
    script = start(command, logs / "driver", ENGINE="Ray, a task killed")

    def task():
        tree = descendants(script.pid)
        return [it for it, command in tree.items() if command.startswith("ray::MapBatches")]

    try:
        process = wait_for(task, script, "a task")[0]
        os.kill(process, signal.SIGKILL)
        return finish(script, "Ray", logs / "driver")
    finally:
        script.terminate()


if __name__ == "__main__":
    run = {"spark": spark, "ray": ray}[sys.argv[1]]
    with tempfile.TemporaryDirectory() as logs:
        status = run(sys.argv[2], Path(logs))
    sys.exit(status)
