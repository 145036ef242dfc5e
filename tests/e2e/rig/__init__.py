# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""What the black-box tests and the demo stand on: processes, clients, the providers' control. Standard library only."""
