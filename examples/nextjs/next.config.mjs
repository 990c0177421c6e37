export default {
  rewrites: async () => [{ source: "/api/auth/:path*", destination: `${process.env.PORTCULLIS}/api/auth/:path*` }],
};
