# The service in an image: no compiler, no package manager's cache, no root, nothing to write outside /data.
#
#   docker build -t coverage-monitor .
#
# Pin the base by its digest when you build for more than a trial (docs/install.md says how to ask for it):
#   docker build --build-arg BASE=python:3.13-slim-trixie@sha256:… -t coverage-monitor .
ARG BASE=python:3.13-slim-trixie

FROM ${BASE} AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONDONTWRITEBYTECODE=1
RUN python -m venv /opt/coverage-monitor
ENV PATH=/opt/coverage-monitor/bin:$PATH
WORKDIR /src
# First what changes seldom: an edit of the code installs none of it anew.
COPY requirements.txt ./
# docopt is published as source only; it is one file of Python.
RUN pip install --require-hashes --only-binary :all: --no-binary docopt -r requirements.txt
COPY pyproject.toml README.md LICENSE ./
COPY monitor ./monitor
COPY seeds ./seeds
COPY config ./config
RUN pip install --no-deps . && python -m compileall -q -j 0 /opt/coverage-monitor/lib

FROM ${BASE}
# What the system has to add: postgresql-client makes and puts back copies of a PostgreSQL store.
ARG PACKAGES=
RUN if [ -n "$PACKAGES" ]; then \
        apt-get update && apt-get install -y --no-install-recommends $PACKAGES && rm -rf /var/lib/apt/lists/*; \
    fi
LABEL org.opencontainers.image.title="Coverage Monitor" \
      org.opencontainers.image.licenses="MIT"
RUN useradd --system --uid 10001 --user-group --home-dir /data --shell /usr/sbin/nologin monitor \
    && install -d -o monitor -g monitor -m 0700 /data
COPY --from=build /opt/coverage-monitor /opt/coverage-monitor
COPY deploy/docker/healthcheck.py /opt/coverage-monitor/healthcheck.py
ENV PATH=/opt/coverage-monitor/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    XDG_CACHE_HOME=/data/cache \
    MPLCONFIGDIR=/data/cache \
    MONITOR_LOGS=json \
    MONITOR_METRICS_LISTEN=0.0.0.0:9484
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8484 9484
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=60s --timeout=10s --start-period=300s --retries=3 \
    CMD ["python", "/opt/coverage-monitor/healthcheck.py"]
ENTRYPOINT ["monitor"]
CMD ["run", "--config", "/data/config"]
