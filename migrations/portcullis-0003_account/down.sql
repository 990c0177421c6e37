DROP TABLE "account";
