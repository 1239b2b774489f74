/** Words with which phishing addresses ask for trust or haste; from published analyses (APWG, Garera et al. 2007) and sense. */
export const suspiciousWords: readonly string[] = `
login logon signin signon signup auth authenticate authentication oauth password passwd passcode credential account accounts
verify verification verified validate validation confirm confirmation secure security secured safety protect unlock
locked suspend suspended suspension restrict restricted limited limitation recover recovery restore reactivate activate
activation update updating upgrade renew billing payment invoice refund wallet bank banking webscr ebayisapi cmd dispatch
webmail mailbox quota helpdesk support service customer client alert notice notification urgent warning expire expired
unusual resolution dispute claim bonus reward prize winner gift giveaway free token seed mnemonic airdrop session identity
identification document shared parcel delivery tracking customs redelivery tax rebate covid online mobile mail ebanking services
`
  .trim()
  .split(/\s+/);
