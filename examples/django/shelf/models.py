from django.db import models


class User(models.Model):
    """A user of the authentication server, which owns the table."""

    id = models.TextField(primary_key=True)
    name = models.TextField()
    email = models.TextField(unique=True)
    email_verified = models.BooleanField(db_column="emailVerified")
    time_zone = models.TextField(db_column="timeZone")

    is_authenticated = True
    is_anonymous = False

    class Meta:
        managed = False
        db_table = "user"


class Anonymous:
    is_authenticated = False
    is_anonymous = True


class Profile(models.Model):
    user = models.OneToOneField(User, models.DO_NOTHING, primary_key=True)
    interests = models.JSONField(default=list)
