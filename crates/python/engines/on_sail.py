"""Runs the script for Spark, unchanged, on a server of Sail."""

import os
import subprocess
import sys
from pathlib import Path

from pysail.spark import SparkConnectServer

if __name__ == "__main__":
    server = SparkConnectServer("127.0.0.1", 0)
    server.start(background=True)
    _, port = server.listening_address
    script = Path(__file__).with_name("on_spark.py")
    environment = os.environ | {"SPARK_REMOTE": f"sc://127.0.0.1:{port}"}
    run = subprocess.run([sys.executable, script, *sys.argv[1:]], env=environment, check=False)
    server.stop()
    sys.exit(run.returncode)
