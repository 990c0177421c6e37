DROP INDEX "portcullis_user_createdAt_idx";
