cd /tmp/col; bash cmp.sh ".*(min|sum|max|any|mean).*(1|F0|S0)"
