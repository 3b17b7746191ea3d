# CPU:   docker build -t vsd-mot .
# CUDA:  docker build -t vsd-mot:cuda --build-arg BASE=nvidia/cuda:13.0.1-base-ubuntu24.04 \
#            --build-arg TORCH_INDEX=https://pypi.org/simple .
# Any Debian or Ubuntu whose python3 is 3.10 to 3.12 can be the base.
ARG BASE=debian:bookworm-slim

FROM ${BASE} AS build
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PATH=/opt/venv/bin:$PATH
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends python3 python3-venv \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY requirements requirements
COPY projects/mmcv_ext projects/mmcv_ext
# Before our code, so that a change of it does not install all this again.
RUN python3 -m venv /opt/venv \
    && pip install --extra-index-url "${TORCH_INDEX}" -r requirements/build.txt \
    && pip install -c requirements/torch.txt --extra-index-url "${TORCH_INDEX}" \
        -r requirements/runtime.txt -r requirements/extras/app.txt \
    && pip install --no-deps --no-build-isolation -r requirements/mminstall.txt ./projects/mmcv_ext
COPY pyproject.toml setup.cfg setup.py README.md LICENSE model-index.yml ./
COPY configs configs
COPY demo demo
COPY tools tools
COPY projects projects
RUN pip install --no-deps --no-build-isolation .

FROM ${BASE}
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends python3 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 10001 tracker \
    && install -d -o tracker /data
COPY --from=build /opt/venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
USER 10001
WORKDIR /data
ENTRYPOINT ["vsd-mot"]
CMD ["--help"]
