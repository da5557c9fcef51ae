# One image: pages, workers and schedule. Database and queue by configuration.
FROM node:26-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 JALON_DATA_DIR=/var/lib/jalon
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts && npm cache clean --force
COPY bin ./bin
COPY src ./src
COPY connectors ./connectors
COPY jobs ./jobs
COPY templates ./templates
COPY sandbox ./sandbox
RUN useradd --system --home-dir /var/lib/jalon --create-home jalon
USER jalon
VOLUME /var/lib/jalon
EXPOSE 4321
HEALTHCHECK --interval=30s --timeout=5s CMD ["node", "-e", "fetch('http://127.0.0.1:4321/readyz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "src/main.ts"]
CMD ["serve"]
