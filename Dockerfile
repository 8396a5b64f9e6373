# Conóceles: one image, three roles (CONOCELES_ROLE=public|internal|all).
FROM python:3.11-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app
RUN python -m venv .venv && .venv/bin/pip install --quiet uv==0.13.9
COPY requirements.txt ./
RUN .venv/bin/uv pip install --quiet --python .venv/bin/python --require-hashes -r requirements.txt

FROM python:3.11-slim
ENV PYTHONUNBUFFERED=1 \
    PATH="/app/.venv/bin:$PATH" \
    DJANGO_SETTINGS_MODULE=conoceles_site.settings.production \
    CONOCELES_DATA_DIR=/data
RUN useradd --system --uid 10001 --home-dir /app conoceles \
    && install -d -o conoceles -g conoceles -m 0700 /data \
    && install -d -o conoceles -g conoceles -m 0755 /static
WORKDIR /app
COPY --from=build /app/.venv .venv
COPY manage.py pyproject.toml requirements.txt ./
COPY conoceles_site conoceles_site
COPY cms cms
COPY search search
COPY api api
COPY templates templates
COPY docs/manuales docs/manuales
RUN DJANGO_SECRET_KEY=build CONOCELES_ENCRYPTION_KEY=$(head -c 48 /dev/urandom | base64) ALLOWED_HOSTS=localhost \
    DATABASE_URL=postgres://build@localhost/build CONOCELES_DATA_DIR=/app/collected \
    python manage.py collectstatic --noinput --verbosity 0
ENV CONOCELES_STATIC_ROOT=/app/collected/static
USER conoceles
VOLUME /data
EXPOSE 8000
HEALTHCHECK --start-period=1m CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz')"]
CMD ["gunicorn", "conoceles_site.wsgi:application", "--config", "python:conoceles_site.gunicorn", "--bind", "0.0.0.0:8000"]
