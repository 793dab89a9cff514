"""Alerts: what people are told of, once from when it begins until it clears, by e-mail or webhook."""

from connector.alerts.email import Email
from connector.alerts.notice import ALERT_FIELDS, Notice, NotTold, Way
from connector.alerts.webhook import Webhook
from connector.core.registry import Registry

__all__ = ["ALERTS", "NotTold", "Notice", "Way"]

ALERTS: Registry[Way] = Registry("alert", Email, Webhook, common=ALERT_FIELDS)
