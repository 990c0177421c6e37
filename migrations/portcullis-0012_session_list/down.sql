DROP INDEX "portcullis_session_userId_createdAt_idx";
