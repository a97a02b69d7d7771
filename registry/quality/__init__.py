"""Quality sampling of decided cases: what an office decided, and the only writer of its rounds."""
