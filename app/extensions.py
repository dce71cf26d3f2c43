"""The Flask extensions, unbound; create_app binds them."""

from pathlib import Path

from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf.csrf import CSRFProtect

from app.core.database import keep_row_scope
from app.core.model import Base

db = SQLAlchemy(metadata=Base.metadata)
keep_row_scope(db.session)
migrate = Migrate(directory=str(Path(__file__).parent.parent / "migrations"))
login_manager = LoginManager()
csrf = CSRFProtect()
