import sys
from pathlib import Path

# Test files share texts by `import texts`.
sys.path.insert(0, str(Path(__file__).parent))
