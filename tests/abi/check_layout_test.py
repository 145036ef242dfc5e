#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""Shows that the gate catches each way to break abi.h, by breaking a copy of it.

    check_layout_test.py HEADER COMPILER
"""

import re
import sys
import tempfile
import unittest
from pathlib import Path

import layout
from check_layout import broken

HEADER, COMPILER = Path(sys.argv.pop(1)), sys.argv.pop(1)


def layout_of(text: str) -> list[str]:
    # The header's own assertions would stop the compiler before the gate is asked.
    text = "\n".join(line for line in text.splitlines() if not line.startswith("QUELL_STATIC_ASSERT"))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "abi.h")
        path.write_text(text)
        return layout.layout(path, COMPILER)


class Gate(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.text = HEADER.read_text()
        cls.golden = layout_of(cls.text)

    def reasons(self, *changes: tuple[str, str]) -> list[str]:
        text = self.text
        for old, new in changes:
            self.assertIn(old, text)
            text = text.replace(old, new, 1)
        return broken(self.golden, layout_of(text))

    PRESENT = int(re.search(r"^#define QUELL_ABI_MINOR (\d+)$", HEADER.read_text(), re.M)[1])
    MINOR = (f"#define QUELL_ABI_MINOR {PRESENT}", f"#define QUELL_ABI_MINOR {PRESENT + 1}")
    LAST_OF_CALL = "int32_t (*mode)(quell_call *call);\n"

    def test_accepts_no_change(self):
        self.assertEqual(self.reasons(), [])

    def test_accepts_an_appended_field_with_a_new_minor_version(self):
        self.assertEqual(self.reasons(
            (self.LAST_OF_CALL, self.LAST_OF_CALL + "    int32_t (*added)(quell_call *call);\n"), self.MINOR), [])

    def test_accepts_a_new_struct_and_a_new_constant(self):
        self.assertEqual(self.reasons(
            ("typedef struct quell_header {", "#define QUELL_NEW 1\ntypedef struct quell_new {\n    uint32_t size;\n"
             "    uint32_t reserved;\n} quell_new;\n\ntypedef struct quell_header {")), [])

    def test_catches_an_appended_field_without_a_new_minor_version(self):
        self.assertTrue(self.reasons(
            (self.LAST_OF_CALL, self.LAST_OF_CALL + "    int32_t (*added)(quell_call *call);\n")))

    def test_catches_an_inserted_field(self):
        old = "    int32_t (*is_cancelled)(quell_call *call);\n"
        self.assertTrue(self.reasons((old, "    int32_t (*added)(quell_call *call);\n" + old), self.MINOR))

    def test_catches_reordered_fields_of_one_type(self):
        self.assertTrue(self.reasons(
            ("    quell_method apply;", "    quell_method swap;"), ("    quell_method poll;", "    quell_method apply;"),
            ("    quell_method swap;", "    quell_method poll;")))

    def test_catches_a_type_of_the_same_size(self):
        self.assertTrue(self.reasons(("int64_t retry_after_ms;", "uint64_t retry_after_ms;")))

    def test_catches_a_changed_signature(self):
        self.assertTrue(self.reasons(
            ("void (*reply)(quell_call *call, quell_str json);", "int32_t (*reply)(quell_call *call, quell_str json);")))

    def test_catches_a_changed_function_type(self):
        self.assertTrue(self.reasons(
            ("typedef void (*quell_method)(quell_instance *instance,", "typedef void (*quell_method)(void *instance,")))

    def test_catches_a_removed_field(self):
        self.assertTrue(self.reasons((self.LAST_OF_CALL, "")))

    def test_catches_growth_of_a_struct_without_size(self):
        self.assertTrue(self.reasons(
            ("    quell_str name;\n    quell_str value;\n", "    quell_str name;\n    quell_str value;\n"
             "    quell_str added;\n"), self.MINOR))

    def test_catches_a_changed_status_code(self):
        self.assertTrue(self.reasons(("#define QUELL_NOT_FOUND 5", "#define QUELL_NOT_FOUND 6")))

    def test_catches_a_lowered_minor_version(self):
        raised = [line.replace(f"QUELL_ABI_MINOR {self.PRESENT}", f"QUELL_ABI_MINOR {self.PRESENT + 1}")
                  for line in self.golden]
        self.assertTrue(broken(raised, self.golden))


if __name__ == "__main__":
    unittest.main()
