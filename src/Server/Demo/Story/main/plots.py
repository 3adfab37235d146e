"""Plots as SVG text: a few shapes need no library."""

WIDTH, HEIGHT, LEFT, TOP, SIDE = 460, 430, 60, 44, 330


def roc_svg(points, area, title):
    """The ROC curve with its area; `points` are (false alarm rate, hit rate)."""
    line = " ".join(f"{x(a):.1f},{y(h):.1f}" for a, h in points)
    ticks = "".join(tick(value / 4) for value in range(5))
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" font-family="system-ui, sans-serif" font-size="12">
<title>{title}: ROC curve, AUC {area:.3f}</title>
<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>
<text x="{LEFT}" y="26" font-size="15" font-weight="600" fill="#1c2733">{title}</text>
{ticks}
<polygon points="{x(0)},{y(0)} {line} {x(1)},{y(0)}" fill="#1f6f8b" fill-opacity="0.12"/>
<line x1="{x(0)}" y1="{y(0)}" x2="{x(1)}" y2="{y(1)}" stroke="#8793a0" stroke-dasharray="5 5"/>
<polyline points="{line}" fill="none" stroke="#1f6f8b" stroke-width="2.5" stroke-linejoin="round"/>
<text x="{x(0.56)}" y="{y(0.24)}" font-size="20" font-weight="600" fill="#1f6f8b">AUC {area:.3f}</text>
<text x="{x(0.56)}" y="{y(0.17)}" fill="#66727f">dashed: a coin</text>
<text x="{x(0.5)}" y="{HEIGHT - 14}" text-anchor="middle" fill="#3c4854">stayers alarmed for nothing</text>
<text transform="translate(16 {y(0.5)}) rotate(-90)" text-anchor="middle" fill="#3c4854">leavers found</text>
</svg>
"""


def tick(value):
    return (
        f'<path d="M{x(0)} {y(value)}H{x(1)}M{x(value)} {y(0)}V{y(1)}" stroke="#e4e9ee"/>'
        f'<text x="{x(value)}" y="{y(0) + 18}" text-anchor="middle" fill="#66727f">{value:g}</text>'
        f'<text x="{x(0) - 8}" y="{y(value) + 4}" text-anchor="end" fill="#66727f">{value:g}</text>'
    )


def x(rate):
    return LEFT + SIDE * rate


def y(rate):
    return TOP + SIDE * (1 - rate)
