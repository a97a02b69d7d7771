"""Quality sampling of decided cases: the draw, the acts of a round, its events, and its rows."""
