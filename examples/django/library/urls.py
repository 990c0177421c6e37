from django.urls import path

from shelf import views

urlpatterns = [
    path("sign-up", views.sign_up),
    path("sign-in", views.sign_in),
    path("session", views.session),
    path("token", views.token),
    path("sign-out-everywhere", views.sign_out_everywhere),
    path("profile", views.profile),
    path("readers", views.readers),
    path("today", views.today),
]
