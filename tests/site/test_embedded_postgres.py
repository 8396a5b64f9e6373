"""The embedded server is started only once, and starts again with its data after it was killed."""

import contextlib
import os
import signal
import threading

import psycopg
import pytest

from conoceles_site import embedded_postgres
from tests.waiting import wait_until


@pytest.fixture
def data_dir(tmp_path):
    yield tmp_path / "datos"
    embedded_postgres.stop(tmp_path / "datos")


def test_several_threads_at_once_start_one_server(data_dir):
    started: list[bool] = []

    def start():
        started.append(embedded_postgres.start(data_dir))

    threads = [threading.Thread(target=start) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(started) == [False, False, False, True]


def test_a_killed_server_starts_again_with_its_data(data_dir):
    embedded_postgres.start(data_dir)
    with psycopg.connect(embedded_postgres.connection_info(data_dir), autocommit=True) as session:
        session.execute("create table kept (word text)")
        session.execute("insert into kept values ('sequía')")
    pid = int(
        (embedded_postgres.cluster_folder(data_dir) / "postmaster.pid").read_text().split()[0]
    )
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not embedded_postgres.answers(data_dir), what="it was not killed")
    assert embedded_postgres.start(data_dir) is True
    with psycopg.connect(embedded_postgres.connection_info(data_dir)) as session:
        assert session.execute("select word from kept").fetchone() == ("sequía",)


def test_the_log_of_the_server_quotes_no_values(data_dir):
    embedded_postgres.start(data_dir)
    with psycopg.connect(embedded_postgres.connection_info(data_dir), autocommit=True) as session:
        session.execute("create table person (email text primary key)")
        for _time in range(2):
            with contextlib.suppress(psycopg.errors.UniqueViolation):
                session.execute("insert into person values ('persona@correo.example')")
        with pytest.raises(psycopg.errors.DataError):
            session.execute("select '8441234567'::date")
    log = (embedded_postgres.cluster_folder(data_dir) / "server.log").read_text()
    assert "ready to accept connections" in log
    assert "persona@correo.example" not in log
    assert "8441234567" not in log


def test_a_long_path_gets_a_private_socket_folder(tmp_path):
    long = tmp_path / ("x" * 120)
    folder = embedded_postgres.socket_folder(embedded_postgres.cluster_folder(long))
    assert len(str(folder)) < 60


def test_stopping_a_server_that_does_not_run_does_nothing(tmp_path):
    embedded_postgres.stop(tmp_path / "nada")
