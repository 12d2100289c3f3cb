"""gunicorn workers that answer /readyz with 503 while requests in flight finish.

gunicorn's own workers stop accepting at SIGTERM, so that a load balancer would see a refused connection, not the 503.
"""

from gunicorn.workers.gthread import ThreadWorker

started = False


def begin(*_):
    global started
    started = True


class DrainingThreadWorker(ThreadWorker):
    handle_exit = begin

    def notify(self):  # once a turn of the worker's loop, at least each second
        super().notify()
        if started and self.nr_conns == len(self.keepalived_conns) + len(self.pending_conns):
            self.alive = False
