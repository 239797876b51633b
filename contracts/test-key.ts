/**
 * The public key of the simulator's test key pair, RSA with 1024 bits, as PEM. It is the same in every simulator, so a team can commit it in its
 * test configuration. The real gateway signs with a key of its own. See docs/protocol.md#section-7.
 */
export const TEST_PUBLIC_KEY = `-----BEGIN PUBLIC KEY-----
MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQCuH7UgPsa2AZ3CU/enDiJ7ig/Y
iMRnZjeMBsJtrK32R4eUywa6wDkSAzmsAYKXEUPQzhxjug1iwozn9hpeHGHShhzG
bblCXNmZ5hNmftw05jYjPuPbITBglDDtJQsWb9/5f4BZqybkGULkBoiMUYhrQUdR
37ZpEk1i2gKIdIuLSwIDAQAB
-----END PUBLIC KEY-----
`;
