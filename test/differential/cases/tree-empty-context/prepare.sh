rm -f Dockerfile.x
