"""How gunicorn serves the pages; it reads this file by itself when started in the repository root.

The settings and the application are loaded in the master: a fault at the start is one line, not workers that die again
and again.
"""

from config import Config

wsgi_app = "wsgi:web()"
preload_app = True
bind = f"127.0.0.1:{Config.from_env('web').port}"
worker_class = "gthread"
workers = 2
threads = 8
timeout = 60
graceful_timeout = 20

# The links in invitations are secrets while they last, and an access log would keep them.
accesslog = None

# It would open a socket in the home folder, shared by all installations of this user.
control_socket_disable = True
