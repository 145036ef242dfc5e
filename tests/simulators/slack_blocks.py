# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""Block Kit as far as the plugin uses it: what Slack would refuse, and what can be pressed."""

_TEXTS = {"header": 150, "section": 3000}
_STYLES = (None, "primary", "danger")


def complaint(blocks) -> str:
    """Why Slack would answer `invalid_blocks`; empty if it would not."""
    if not isinstance(blocks, list) or not 0 < len(blocks) <= 50:
        return "1 to 50 blocks"
    ids = [block.get("block_id") for block in blocks if isinstance(block, dict) and block.get("block_id")]
    if len(ids) != len(set(ids)):
        return "a block_id stands twice"
    return next((found for found in map(_block_complaint, blocks) if found), "")


def _block_complaint(block) -> str:
    kind = block.get("type") if isinstance(block, dict) else None
    if len(block.get("block_id", "")) > 255:
        return "block_id is too long"
    if kind in _TEXTS:
        return _text_complaint(block.get("text"), _TEXTS[kind], kind == "header")
    if kind == "context":
        elements = block.get("elements", [])
        return "" if 0 < len(elements) <= 10 and all(e.get("text") for e in elements) else "context"
    if kind == "input":
        element = block.get("element", {})
        fits = element.get("type") == "plain_text_input" and element.get("action_id")
        return _text_complaint(block.get("label"), 2000, True) if fits else "input"
    if kind == "actions":
        return next((found for found in map(_button_complaint, block.get("elements", [{}])) if found), "")
    return f"no block of type {kind}"


def _text_complaint(text, most: int, plain: bool) -> str:
    if not isinstance(text, dict) or text.get("type") not in ("plain_text", "mrkdwn"):
        return "no text object"
    if plain and text["type"] != "plain_text":
        return "plain_text is needed"
    return "" if 0 < len(text.get("text", "")) <= most else "the text is empty or too long"


def _button_complaint(element: dict) -> str:
    if element.get("type") != "button" or not 0 < len(element.get("action_id", "")) <= 255:
        return "no button with an action_id"
    if len(element.get("value", "")) > 2000 or element.get("style") not in _STYLES:
        return "value or style of a button"
    return _text_complaint(element.get("text"), 75, True)


def buttons(blocks: list[dict]) -> list[dict]:
    """Each with its block_id."""
    return [{**element, "block_id": block.get("block_id", "")} for block in blocks
            if block["type"] == "actions" for element in block["elements"] if "value" in element]


def inputs(blocks: list[dict], typed: dict[str, str]) -> dict:
    """`state.values` of a payload: every input of the message, with what was typed there."""
    return {block["block_id"]: {block["element"]["action_id"]: {
        "type": "plain_text_input", "value": typed.get(block["block_id"])}}
        for block in blocks if block["type"] == "input"}
