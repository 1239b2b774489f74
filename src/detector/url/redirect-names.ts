/** Names that web frameworks, sign-in pages, mailers and search machines give to where a visitor is sent on to. */
export const redirectNames: ReadonlySet<string> = new Set(
  (
    'url uri u redirect redirect_to redirect_uri redirect_url redirecturl redirecturi redir return return_to returnto ' +
    'return_url returnurl return_uri next next_url nexturl continue cont dest destination goto go target targeturl ' +
    'target_url to out link rurl ru forward forward_url fwd callback callback_url service followup success_url ' +
    'cancel_url adurl q_url jump view_url back_url backurl back relaystate wreply fromuri from_uri origurl orig_url ' +
    'ref_url site desturl dest_url ued murl loc location page exit exiturl away r'
  ).split(' '),
);

/** The longest of them, in characters. */
export const longestRedirectName = Math.max(...[...redirectNames].map((name) => name.length));
