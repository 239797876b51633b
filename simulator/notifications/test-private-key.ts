/**
 * The private key of the simulator's test key pair, RSA with 1024 bits, as PEM (PKCS #8). It is published on purpose: what it signs is trusted
 * only by a test configuration that has `TEST_PUBLIC_KEY`.
 */
export const TEST_PRIVATE_KEY = `-----BEGIN PRIVATE KEY-----
MIICdwIBADANBgkqhkiG9w0BAQEFAASCAmEwggJdAgEAAoGBAK4ftSA+xrYBncJT
96cOInuKD9iIxGdmN4wGwm2srfZHh5TLBrrAORIDOawBgpcRQ9DOHGO6DWLCjOf2
Gl4cYdKGHMZtuUJc2ZnmE2Z+3DTmNiM+49shMGCUMO0lCxZv3/l/gFmrJuQZQuQG
iIxRiGtBR1HftmkSTWLaAoh0i4tLAgMBAAECgYBuckpPc8JTfF72/o/d9QdGWWKH
tOjvtVSSi08Uhi2qQ+DqLoXMO1V36XfRdPvCmv7rGXHEiCUpecIq+F3tSA97jybr
fckeAVs5q1/DrurbzzkJ6tqJtI5EYpD6T/8W5KROPUJIwIA5nH16PhsVB1uJvees
Jn7faf0o7LPHEu9B0QJBAOYASV+uQci1GrUDWVCHvKlYmXaxWaHZuvxUplLOdmZj
516xLiBTrENp3zM5WmSg7qaipI23SnGVXgnr393lGWcCQQDBznWDRLTqQKJHIzJ+
+b3G0W+yOMJcsS4hLo7qnXC0w40AQNoc0dmrtL31W0VFpES3Aw8AhCB7eE/VfbzC
Njx9AkBPqWvAew+H38pHRciqjsj2cpx8ssKTv2D3Qq504dO6dQHPF1kdkz2H/+Rx
znyTe/YMuyp5dzGOk6iFkS/xoAcjAkEAimW05RibWOzu9X3dAW+2ZdQJv2to4Ghm
WKu2wzPK2EsM1bF6EDqLBmL7g8q5nRHBQC+e9u9jgshXuk0gDlBMwQJBAJ8FwY3w
L68OI44yW0TXHQbMgzmmgz8vrf6nZJwpBNSYNCL6kpKh+eNMboSd0IaRky4OHLIi
xkpRrwu24Qnw0es=
-----END PRIVATE KEY-----
`;
