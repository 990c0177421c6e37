DROP INDEX "portcullis_verification_value_idx";
DROP INDEX "portcullis_verification_expiresAt_idx";
