"""Letters over SMTP (RFC 5321)."""

from integrations.smtp.mailer import SmtpAccount, SmtpMailer

__all__ = ["SmtpAccount", "SmtpMailer"]
