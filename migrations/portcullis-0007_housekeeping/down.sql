DROP INDEX "portcullis_session_expiresAt_idx";
DROP INDEX "portcullis_rateLimit_lastRequest_idx";
