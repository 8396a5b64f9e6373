"""What administrators do in the admin about attempts to sign in."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cms.accounts import services
from cms.accounts.models import User


@require_POST
def let_in(request: HttpRequest, user_id: int) -> HttpResponse:
    """Give an account its attempts back, so that its owner can try from a new place."""
    user = get_object_or_404(User, pk=user_id)
    services.give_attempts_back(user=user, by=request.user)
    told = _("«{name}» tiene otra vez todos sus intentos.").format(name=user.username)
    messages.success(request, told)
    return redirect("audit:index")
