echo a > Dockerfile.dockerignore
