"""Whom a one-time link invites to a board, and what they may do there."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

#: Links made before gave everything.
EVERYTHING = sa.text("""'["manage", "read_answers", "service"]'""")


def upgrade() -> None:
    op.add_column(
        "sign_in_link", sa.Column("email", sa.String(length=255), nullable=False, server_default=sa.text("''"))
    )
    op.add_column("sign_in_link", sa.Column("permissions", sa.Text(), nullable=False, server_default=EVERYTHING))
