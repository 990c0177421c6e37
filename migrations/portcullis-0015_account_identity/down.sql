DROP INDEX "portcullis_account_accountId_idx";
