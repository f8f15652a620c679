"""Slack's names of the reactions people use, as characters; any other stays `:name:`."""

from __future__ import annotations

from typing import Final

_NAMES: Final = """
+1 👍 thumbsup 👍 -1 👎 thumbsdown 👎 ok_hand 👌 white_check_mark ✅ heavy_check_mark ✔️ ballot_box_with_check ☑️
x ❌ negative_squared_cross_mark ❎ no_entry ⛔ no_entry_sign 🚫 warning ⚠️ exclamation ❗ heavy_exclamation_mark ❗
bangbang ‼️ question ❓ eyes 👀 raised_hands 🙌 pray 🙏 clap 👏 wave 👋 muscle 💪 raised_hand ✋ hand ✋ point_up ☝️
point_right 👉 point_left 👈 point_down 👇 handshake 🤝 heart ❤️ blue_heart 💙 green_heart 💚 broken_heart 💔 smile 😄
smiley 😃 grinning 😀 grin 😁 slightly_smiling_face 🙂 blush 😊 joy 😂 rolling_on_the_floor_laughing 🤣 laughing 😆
wink 😉 heart_eyes 😍 sunglasses 😎 thinking_face 🤔 neutral_face 😐 confused 😕 worried 😟 cry 😢 sob 😭
disappointed 😞 open_mouth 😮 astonished 😲 scream 😱 rage 😡 angry 😠 sweat_smile 😅 relieved 😌
fearful 😨 grimacing 😬 face_palm 🤦 shrug 🤷 man-shrugging 🤷‍♂️ woman-shrugging 🤷‍♀️
tada 🎉 rocket 🚀 fire 🔥 star ⭐ star2 🌟 sparkles ✨ 100 💯 bulb 💡
hourglass ⌛ hourglass_flowing_sand ⏳ clock1 🕐 calendar 📆 date 📅 telephone_receiver 📞 phone ☎️ speech_balloon 💬
memo 📝 pencil ✏️ pushpin 📌 paperclip 📎 camera 📷 tooth 🦷 hospital 🏥 syringe 💉 pill 💊 arrows_counterclockwise 🔄
red_circle 🔴 large_blue_circle 🔵 large_green_circle 🟢 large_yellow_circle 🟡 dove_of_peace 🕊️ incoming_envelope 📨
"""
_WORDS: Final = _NAMES.split()
UNICODE: Final = dict(zip(_WORDS[::2], _WORDS[1::2], strict=True))


def as_text(name: str) -> str:
    """The character of a reaction's name without its skin tone, else `:name:`."""
    base = name.partition("::")[0]
    return UNICODE.get(base, f":{base}:")
