// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors
//
// Builds with AddressSanitizer only. Its leak check clones the process to trace it, which the sandbox refuses, and
// would end a plugin's exit() as a failure of its own. A plugin's leaks show in its unit tests and in-process.

extern "C" const char* __lsan_default_options();  // NOLINT(bugprone-reserved-identifier)
extern "C" const char* __lsan_default_options() { return "detect_leaks=0"; }
