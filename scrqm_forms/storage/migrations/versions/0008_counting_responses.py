"""An index that responses are counted by: without it, each count reads all of their rows."""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_index(
        "ix_response_round_id_submitted_group_key", "response", ["round_id", "submitted", "group_key"], unique=False
    )
