import django.db.models.deletion
from django.db import migrations, models

# In SQL: Django's foreign keys do not delete a profile when the authentication server deletes its user.
TABLE = """
    CREATE TABLE shelf_profile (
        user_id text PRIMARY KEY REFERENCES "user" ("id") ON DELETE CASCADE,
        interests jsonb NOT NULL
    )
"""


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            "User",
            [
                ("id", models.TextField(primary_key=True, serialize=False)),
                ("name", models.TextField()),
                ("email", models.TextField(unique=True)),
                ("email_verified", models.BooleanField(db_column="emailVerified")),
                ("time_zone", models.TextField(db_column="timeZone")),
            ],
            {"db_table": "user", "managed": False},
        ),
        migrations.RunSQL(
            TABLE,
            "DROP TABLE shelf_profile",
            [
                migrations.CreateModel(
                    "Profile",
                    [
                        (
                            "user",
                            models.OneToOneField(
                                "shelf.User",
                                django.db.models.deletion.DO_NOTHING,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("interests", models.JSONField(default=list)),
                    ],
                )
            ],
        ),
    ]
