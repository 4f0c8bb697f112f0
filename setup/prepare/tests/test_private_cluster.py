"""Where the cluster's files go, and the lock that a dead server leaves."""

import os
import subprocess

import pytest

from prepare import private_cluster
from prepare.private_cluster import LONGEST_SOCKET_PATH, SOCKET_NAME, PrivateCluster


@pytest.fixture
def cluster(tmp_path, monkeypatch):
    monkeypatch.setattr(private_cluster, "server_account", lambda: None)
    made = PrivateCluster(tmp_path)
    made.data.mkdir(parents=True)
    return made


def leave_lock(cluster, process):
    lock = cluster.data / "postmaster.pid"
    lock.write_text(f"{process}\n{cluster.data}\n")
    return lock


def test_lock_with_the_number_of_another_process_goes(cluster):
    lock = leave_lock(cluster, os.getpid())
    cluster.forget_dead_server()
    assert not lock.exists()


def test_lock_of_a_server_in_its_data_folder_stays(cluster):
    process = subprocess.Popen(["sleep", "60"], cwd=cluster.data)
    try:
        lock = leave_lock(cluster, process.pid)
        cluster.forget_dead_server()
        assert lock.exists()
    finally:
        process.kill()
        process.wait()


def test_lock_of_a_process_that_ended_is_left_to_postgresql(cluster):
    process = subprocess.Popen(["true"])
    process.wait()
    lock = leave_lock(cluster, process.pid)
    cluster.forget_dead_server()
    assert lock.exists()


def test_socket_of_a_deep_checkout_has_a_short_path(tmp_path, monkeypatch):
    monkeypatch.setattr(private_cluster, "server_account", lambda: None)
    cluster = PrivateCluster(tmp_path / ("deep" * 30))
    socket = cluster.socket_folder / SOCKET_NAME
    assert len(os.fsencode(socket)) <= LONGEST_SOCKET_PATH


def test_checkout_that_the_account_cannot_reach_has_its_cluster_elsewhere(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(private_cluster, "server_account", lambda: "postgres")
    monkeypatch.setattr(private_cluster, "reachable", lambda folder, account: False)
    assert tmp_path not in PrivateCluster(tmp_path).folder.parents
