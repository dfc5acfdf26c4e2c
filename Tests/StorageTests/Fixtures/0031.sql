UPDATE environment SET needs = '{staging}', needed_by = '{pr-7}';
