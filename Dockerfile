# The simulator as an image: docker build -t paybox-sim . && docker run -p 127.0.0.1:8888:8888 -v paybox:/data paybox-sim
# The tests of this project do not build it.
FROM node:22-bookworm-slim AS build
WORKDIR /build
COPY . .
RUN npm ci --ignore-scripts && npm run build && npm pack --ignore-scripts --pack-destination /tmp

FROM node:22-bookworm-slim
COPY --from=build /tmp/paybox-direct-simulator-*.tgz /tmp/
RUN npm install --global /tmp/paybox-direct-simulator-*.tgz && rm /tmp/*.tgz && mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 8888
HEALTHCHECK --interval=5s CMD ["node", "-e", "fetch('http://127.0.0.1:8888/load.html').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["paybox-sim"]
# Requests from outside come from the address of the Docker network, so the control API and the inspector must accept any address:
# publish the port on 127.0.0.1 only.
CMD ["--host", "0.0.0.0", "--control", "any", "--db", "/data/paybox.db"]
