"""Letters as files one can open: for whoever has no mail server, or none yet."""

from integrations.mail_folder.mailer import FolderMailer

__all__ = ["FolderMailer"]
