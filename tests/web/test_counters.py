"""Counts as Prometheus reads them."""

from concurrent.futures import ThreadPoolExecutor

from scheduler_app.web.counters import Counters


def test_counts_are_told_with_their_labels_and_meaning() -> None:
    counters = Counters()
    counters.add("scheduler_deliveries_total", source="acme", outcome="accepted")
    counters.add("scheduler_deliveries_total", source="acme", outcome="accepted")
    counters.feed_poll(304)
    told = counters.text({})
    assert "# TYPE scheduler_deliveries_total counter" in told
    assert 'scheduler_deliveries_total{source="acme",outcome="accepted"} 2\n' in told
    assert 'scheduler_feed_polls_total{status="304"} 1\n' in told


def test_gauges_are_told_as_they_are_now() -> None:
    told = Counters().text({"scheduler_work_overdue": ("Rows of work that are due.", 3.0)})
    assert told.endswith(
        "# HELP scheduler_work_overdue Rows of work that are due.\n"
        "# TYPE scheduler_work_overdue gauge\n"
        "scheduler_work_overdue 3\n"
    )


def test_a_label_cannot_break_out_of_its_quotes() -> None:
    counters = Counters()
    counters.add("scheduler_checks_total", status='2"}\n\\')
    assert 'status="2\\"}\\n\\\\"' in counters.text({})


def poll_500_times(counters: Counters) -> None:
    for _ in range(500):
        counters.feed_poll(200)


def test_no_count_is_lost_between_threads() -> None:
    counters = Counters()
    with ThreadPoolExecutor(8) as pool:
        for _ in range(8):
            pool.submit(poll_500_times, counters)
    assert 'scheduler_feed_polls_total{status="200"} 4000\n' in counters.text({})
