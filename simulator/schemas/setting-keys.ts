import type { KeySchema } from './unknown-keys.js';

/**
 * The known names of settings, without the descriptions that pages with the MSW handlers do not need. Written by `npm run generate` from
 * the schemas.
 */
// biome-ignore format: generated
export const SETTING_KEYS: Readonly<Record<'accounts' | 'rules' | 'payments' | 'subscribers', KeySchema>> = {
 "accounts": {
  "items": {
   "properties": {
    "SITE": {},
    "RANG": {},
    "IDENTIFIANT": {},
    "CLE": {},
    "hmacKey": {},
    "auth": {
     "enum": [
      "cle",
      "hmac",
      "either"
     ]
    },
    "cvvRequired": {},
    "acceptedBins": {
     "items": {}
    },
    "acceptedCountries": {
     "items": {}
    },
    "ceiling": {},
    "oneCardADay": {},
    "questionNumbers": {
     "enum": [
      "per-day-and-type",
      "per-day",
      "off"
     ]
    },
    "authorizationNumbers": {
     "enum": [
      "test",
      "realistic"
     ]
    },
    "authorizationDays": {},
    "threeDSecure": {
     "enum": [
      "off",
      "optional",
      "required",
      true,
      false
     ]
    },
    "URLHttpDirect": {},
    "URLRetour": {},
    "PBX_REPONDRE_A": {},
    "resultOrder": {
     "enum": [
      "drawn",
      "server-first",
      "browser-first",
      "together"
     ]
    },
    "notificationAttempts": {},
    "id3d": {},
    "errorCodeTest": {},
    "answer": {},
    "variants": {
     "properties": {
      "captureNumbers": {
       "enum": [
        "kept",
        "newTransaction",
        "new"
       ]
      },
      "refundNumbers": {
       "enum": [
        "newTransaction",
        "new"
       ]
      },
      "cancelNumbers": {
       "enum": [
        "new",
        "newTransaction",
        "kept"
       ]
      },
      "echo": {
       "enum": [
        "verbatim",
        "normalised"
       ]
      },
      "repeatedQuestion": {
       "enum": [
        "00005",
        "00039"
       ]
      },
      "emptyVariable": {
       "enum": [
        "mandatory",
        "invalid"
       ]
      },
      "typeIndex": {
       "enum": [
        "32",
        "33",
        "34"
       ]
      },
      "dateq": {
       "enum": [
        "digits",
        "calendar"
       ]
      },
      "secondCapture": {
       "enum": [
        "00015",
        "accepted"
       ]
      },
      "captureAbove": {
       "enum": [
        "00011",
        "00015"
       ]
      },
      "refundAbove": {
       "enum": [
        "00011",
        "00015"
       ]
      },
      "lateCapture": {
       "enum": [
        "00015",
        "accepted"
       ]
      },
      "cancelAfterRemittance": {
       "enum": [
        "00015",
        "accepted"
       ]
      },
      "refundStatus": {
       "enum": [
        "refund",
        "payment"
       ]
      },
      "authorizationInRefusal": {
       "enum": [
        "empty",
        "zeros"
       ]
      },
      "id3dLife": {},
      "id3dReuse": {
       "enum": [
        "once",
        "unlimited"
       ]
      },
      "id3dMismatch": {
       "enum": [
        "accepted",
        "00040"
       ]
      },
      "returnEncoding": {
       "enum": [
        "raw",
        "reserved"
       ]
      }
     }
    }
   }
  }
 },
 "rules": {
  "items": {
   "properties": {
    "id": {},
    "match": {},
    "payment": {
     "properties": {
      "REFERENCE": {},
      "REFABONNE": {},
      "NUMTRANS": {},
      "NUMAPPEL": {},
      "PORTEUR": {}
     }
    },
    "host": {
     "enum": [
      "main",
      "backup"
     ]
    },
    "from": {},
    "times": {},
    "probability": {},
    "seed": {},
    "answer": {},
    "fault": {
     "properties": {
      "processed": {
       "enum": [
        "no",
        "once",
        "twice"
       ]
      },
      "reply": {
       "enum": [
        "drop",
        "never",
        "half",
        "empty",
        "garbage",
        "utf-8",
        "swap"
       ]
      },
      "http": {
       "enum": [
        500,
        502,
        503,
        504
       ]
      },
      "echo": {
       "properties": {
        "NUMQUESTION": {},
        "SITE": {},
        "RANG": {}
       }
      },
      "delay": {},
      "slow": {},
      "clock": {},
      "hold": {}
     }
    },
    "authentication": {
     "properties": {
      "outcome": {
       "enum": [
        "authenticated",
        "attempted",
        "not-enrolled",
        "unavailable",
        "declined",
        "rejected",
        "timeout",
        "error"
       ]
      },
      "challenge": {},
      "server": {
       "properties": {
        "lost": {},
        "late": {},
        "times": {},
        "check": {
         "enum": [
          "wrong"
         ]
        },
        "session": {
         "enum": [
          "other"
         ]
        },
        "charset": {
         "enum": [
          "utf-8"
         ]
        }
       }
      },
      "browser": {
       "properties": {
        "lost": {},
        "late": {},
        "times": {},
        "check": {
         "enum": [
          "wrong"
         ]
        },
        "session": {
         "enum": [
          "other"
         ]
        },
        "charset": {
         "enum": [
          "utf-8"
         ]
        }
       }
      }
     }
    },
    "checkout": {
     "properties": {
      "pending": {},
      "server": {
       "properties": {
        "lost": {},
        "late": {},
        "times": {},
        "check": {
         "enum": [
          "wrong"
         ]
        },
        "session": {
         "enum": [
          "other"
         ]
        },
        "charset": {
         "enum": [
          "utf-8"
         ]
        },
        "amount": {
         "enum": [
          "other"
         ]
        }
       }
      },
      "browser": {
       "properties": {
        "lost": {},
        "late": {},
        "times": {},
        "check": {
         "enum": [
          "wrong"
         ]
        },
        "session": {
         "enum": [
          "other"
         ]
        },
        "charset": {
         "enum": [
          "utf-8"
         ]
        },
        "amount": {
         "enum": [
          "other"
         ]
        }
       }
      }
     }
    }
   }
  }
 },
 "payments": {
  "items": {
   "properties": {
    "SITE": {},
    "RANG": {},
    "NUMTRANS": {},
    "NUMAPPEL": {},
    "MONTANT": {},
    "DEVISE": {},
    "REFERENCE": {},
    "status": {
     "enum": [
      "authorized",
      "captured",
      "cancelled",
      "refused"
     ]
    },
    "captured": {},
    "CODEREPONSE": {},
    "at": {},
    "AUTORISATION": {},
    "DIFFERE": {},
    "PORTEUR": {},
    "TYPECARTE": {},
    "PAYS": {}
   }
  }
 },
 "subscribers": {
  "items": {
   "properties": {
    "SITE": {},
    "RANG": {},
    "REFABONNE": {},
    "token": {},
    "DATEVAL": {},
    "at": {},
    "PORTEUR": {},
    "TYPECARTE": {},
    "PAYS": {}
   }
  }
 }
};
