# The service: docker run --rm --stop-timeout 20 --read-only --tmpfs /tmp --cap-drop ALL -p 8000:8000 -e SOROT_TOKENS=... sorot
# The service answers queued requests for up to 10 seconds before it stops, and Docker kills after 10 seconds by default: so 20.
FROM python:3.12-slim AS build
WORKDIR /src
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY sorot sorot
COPY data data
COPY training training
COPY serving serving
RUN python -m venv /opt/sorot && /opt/sorot/bin/pip install --no-cache-dir -c constraints.txt '.[html,files,mcp]'

FROM python:3.12-slim
COPY --from=build /opt/sorot /opt/sorot
# Only /tmp is written, and nothing in it is kept.
ENV PATH=/opt/sorot/bin:$PATH HOME=/tmp GRADIO_TEMP_DIR=/tmp/gradio PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin sorot
USER 10001
WORKDIR /tmp
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=3)"]
ENTRYPOINT ["sorot", "serve", "--host", "0.0.0.0"]
