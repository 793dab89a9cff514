# syntax=docker/dockerfile:1
FROM python:3.13-slim AS build
WORKDIR /source
COPY pyproject.toml README.md LICENSE ./
COPY connector ./connector
# The wheel carries the example project for `connector demo`.
COPY configs ./configs
COPY transformers ./transformers
# Bytecode is compiled here: without it every start takes three times as long.
RUN python -m venv /venv \
 && /venv/bin/pip install --no-cache-dir --compile '.[postgres]'

FROM python:3.13-slim
RUN useradd --create-home --uid 1000 connector
COPY --from=build /venv /venv
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /project
COPY configs ./configs
COPY transformers ./transformers
USER connector
ENTRYPOINT ["connector", "-C", "/project"]
CMD ["serve"]
